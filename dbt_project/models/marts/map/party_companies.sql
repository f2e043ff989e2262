-- won_amount counts what makes the company a customer now: won deals on records that are customers, closed since they
-- are.
with
    records as (select * from {{ ref("map_records") }} where object not in ('registration', 'introduction')),

    statuses as (
        select
            records.party, records.company_id, records.record_id, known.status, known.reason, known.since, known.until
        from records
        inner join {{ ref("record_statuses") }} as known using (record_id)
    ),

    per_status as (
        select
            party,
            company_id,
            status,
            {{ status_precedence("status") }} as precedence,
            first(reason order by since nulls last, reason) as reason,
            min(since) as since,
            case when bool_and(until is not null) then max(until) end as until
        from statuses
        group by party, company_id, status
    ),

    chosen as (
        select
            party,
            company_id,
            arg_min(
                struct_pack(status := status, reason := reason, since := since, until := until), precedence
            ) as first,
            list(status) as statuses
        from per_status
        group by party, company_id
    ),

    sides as (
        select
            party,
            company_id,
            count(*) as records,
            first(owner_name order by {{ status_precedence("status") }}, record_id) filter (
                where owner_name is not null
            ) as owner_name,
            first(
                struct_pack(rule := match_rule, probability := match_probability, evidence := evidence)
                order by match_rule = 'alone', match_probability desc, record_id
            ) as best_match
        from records
        group by party, company_id
    ),

    customer_records as (
        select record_id, case when bool_and(since is not null) then min(since) end as since
        from statuses
        where status = 'customer'
        group by record_id
    ),

    amounts as (
        select
            records.party,
            records.company_id,
            sum(deals.amount) filter (deals.is_open) as open_amount,
            sum(coalesce(deals.expected_amount, deals.amount)) filter (deals.is_open) as expected_amount,
            sum(deals.amount) filter (
                deals.is_won
                and customers.record_id is not null
                and (customers.since is null or deals.close_date >= customers.since)
            ) as won_amount
        from {{ ref("opportunities") }} as deals
        inner join records using (record_id)
        left join customer_records as customers using (record_id)
        group by records.party, records.company_id
    )

select
    sides.party,
    sides.company_id,
    coalesce(chosen.first.status, 'known') as status,
    chosen.first.reason as status_reason,
    chosen.first.since as since,
    chosen.first.until as until,
    array_to_string(list_sort(coalesce(chosen.statuses, ['known'])), ', ') as statuses,
    sides.records,
    sides.owner_name,
    round(coalesce(amounts.open_amount, 0), 2) as open_amount,
    round(coalesce(amounts.won_amount, 0), 2) as won_amount,
    round(coalesce(amounts.expected_amount, 0), 2) as expected_amount,
    sides.best_match.rule as match_rule,
    sides.best_match.probability as match_probability,
    sides.best_match.evidence as evidence
from sides
left join chosen using (party, company_id)
left join amounts using (party, company_id)
