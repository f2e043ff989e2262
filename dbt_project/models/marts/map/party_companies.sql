with
    records as (select * from {{ ref("map_records") }} where object <> 'registration'),

    statuses as (
        select distinct
            records.party, records.company_id, record_statuses.status, record_statuses.reason, record_statuses.since
        from records
        inner join {{ ref("record_statuses") }} as record_statuses using (record_id)
    ),

    precedence as (
        select
            party,
            company_id,
            first(status order by {{ status_rank("status") }}) as status,
            first(reason order by {{ status_rank("status") }}, since nulls last, reason) as status_reason,
            first(since order by {{ status_rank("status") }}, since nulls last) as since,
            list(distinct status) as statuses
        from statuses
        group by party, company_id
    ),

    sides as (
        select
            party,
            company_id,
            count(*) as records,
            first(owner_name order by {{ status_rank("status") }}, record_id) filter (
                where owner_name is not null
            ) as owner_name,
            first(
                struct_pack(rule := match_rule, probability := match_probability, evidence := evidence)
                order by match_rule = 'alone', match_probability desc, record_id
            ) as best_match
        from records
        group by party, company_id
    ),

    amounts as (
        select
            records.party,
            records.company_id,
            sum(opportunities.amount) filter (where opportunities.is_open) as open_amount,
            sum(opportunities.amount) filter (
                where
                    opportunities.is_won
                    and opportunities.close_date >= run.as_of_date - to_months({{ parameter("customer_months", 36) }})
            ) as won_amount
        from {{ ref("opportunities") }} as opportunities
        inner join records using (record_id)
        cross join {{ source("config", "run") }} as run
        group by records.party, records.company_id
    )

select
    sides.party,
    sides.company_id,
    coalesce(precedence.status, 'known') as status,
    precedence.status_reason,
    precedence.since,
    array_to_string(list_sort(coalesce(precedence.statuses, ['known'])), ', ') as statuses,
    sides.records,
    sides.owner_name,
    coalesce(amounts.open_amount, 0) as open_amount,
    coalesce(amounts.won_amount, 0) as won_amount,
    sides.best_match.rule as match_rule,
    sides.best_match.probability as match_probability,
    sides.best_match.evidence as evidence
from sides
left join precedence using (party, company_id)
left join amounts using (party, company_id)
