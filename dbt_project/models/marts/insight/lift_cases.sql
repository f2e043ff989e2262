with
    strata as (
        select company_id, coalesce(industry, '') || '|' || coalesce(size_band, '') as stratum
        from {{ ref("company_profiles") }}
    ),

    closed_deals as (
        select
            opportunities.*,
            map_records.company_id,
            greatest(date_diff('day', opportunities.created_on, opportunities.close_date), 1) as days_to_close
        from {{ ref("opportunities") }} as opportunities
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where opportunities.party = 'us' and not opportunities.is_open
    ),

    deal_cases as (
        select 'win_rate' as measure, *, is_won::integer as outcome
        from closed_deals
        union all by name
        select 'contract_value' as measure, *, ln(amount) as outcome
        from closed_deals
        where is_won and amount > 0
        union all by name
        select 'days_to_close' as measure, *, ln(days_to_close) as outcome
        from closed_deals
        where is_won and close_date >= created_on
    )

select
    deal_cases.measure,
    deal_cases.opportunity_id as case_id,
    deal_cases.company_id,
    deal_cases.partner_of_record,
    strata.stratum,
    deal_cases.outcome::decimal(18, 8) as outcome
from deal_cases
inner join strata using (company_id)
union all
select
    'retention' as measure,
    kept.company_id as case_id,
    kept.company_id,
    null as partner_of_record,
    strata.stratum,
    kept.is_kept::integer::decimal(18, 8) as outcome
from {{ ref("customers_a_year_ago") }} as kept
inner join strata using (company_id)
