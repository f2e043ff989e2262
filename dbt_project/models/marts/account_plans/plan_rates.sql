with
    partners as ({{ planned_partners() }}),

    closed_deals as (
        select records.company_id, deals.is_won
        from {{ ref("opportunities") }} as deals
        inner join {{ ref("map_records") }} as records using (record_id)
        cross join {{ source("config", "run") }} as run
        where
            deals.party = 'us'
            and not deals.is_open
            and deals.close_date > run.as_of_date - interval 24 months
            and deals.close_date <= run.as_of_date
    ),

    all_deals as (select count(*) as cases, count(*) filter (where is_won) as successes from closed_deals),

    -- not the deals through the partner: it is often named on a deal because that went well
    deals_at_partner as (
        select account_map.partner, count(*) as cases, count(*) filter (where closed_deals.is_won) as successes
        from closed_deals
        inner join {{ ref("account_map") }} as account_map using (company_id)
        where account_map.partner_status in ('customer', 'open_opportunity')
        group by account_map.partner
    ),

    deal_rates as (
        select
            partners.partner,
            if({{ has_enough("own.cases") }}, own.cases, all_deals.cases) as cases,
            if({{ has_enough("own.cases") }}, own.successes, all_deals.successes) as successes,
            'plan.rate.our_deals' || if({{ has_enough("own.cases") }}, '_at_partner', '') as basis_key
        from partners
        cross join all_deals
        left join deals_at_partner as own on own.partner = partners.partner
    ),

    introduction_cases as (
        select partner, answered, won from {{ ref("introduction_chances") }} where direction = 'to_us'
    ),

    pooled_introductions as (
        select coalesce(sum(answered), 0)::bigint as answered, coalesce(sum(won), 0)::bigint as won
        from introduction_cases
    ),

    introduction_rates as (
        select
            partners.partner,
            if(own.answered > 0, own.answered, pooled.answered) as cases,
            if(own.answered > 0, own.won, pooled.won) as successes,
            'plan.rate.introductions' || if(own.answered > 0, '_of_partner', '') as basis_key
        from partners
        cross join pooled_introductions as pooled
        left join introduction_cases as own using (partner)
    ),

    buyers_again as (
        select distinct records.company_id
        from {{ ref("opportunities") }} as deals
        inner join {{ ref("map_records") }} as records using (record_id)
        cross join {{ source("config", "run") }} as run
        where
            deals.party = 'us'
            and deals.is_won
            and deals.close_date > run.as_of_date - interval 12 months
            and deals.close_date <= run.as_of_date
    ),

    customer_rate as (
        select count(*) as cases, count(buyers_again.company_id) as successes
        from {{ ref("customers_a_year_ago") }} as customers
        left join buyers_again using (company_id)
    ),

    measured as (
        select partner, cells.cell, {{ shrunk_share("successes", "cases") }} as rate, basis_key, cases, successes
        from deal_rates
        inner join {{ ref("cells") }} as cells on cells.our_status = 'open_opportunity'
        union all
        select partner, cells.cell, {{ shrunk_share("successes", "cases") }}, basis_key, cases, successes
        from introduction_rates
        inner join
            {{ ref("cells") }} as cells
            on cells.our_status = 'target'
            and cells.partner_status in ('customer', 'open_opportunity')
        union all
        select
            partners.partner,
            cells.cell,
            {{ shrunk_share("successes", "cases") }},
            'plan.rate.customers',
            cases,
            successes
        from customer_rate
        cross join partners
        inner join {{ ref("cells") }} as cells on cells.our_status = 'customer'
    )

select
    partners.partner,
    cells.cell,
    coalesce(stated.rate, measured.rate) as rate,
    case
        when stated.rate is not null
        then 'plan.rate.stated'
        when measured.rate is not null
        then measured.basis_key
        else 'plan.rate.none'
    end as basis_key,
    if(stated.rate is null, coalesce(measured.cases, 0), 0) as cases,
    if(stated.rate is null, coalesce(measured.successes, 0), 0) as successes
from partners
cross join {{ ref("cells") }} as cells
left join measured using (partner, cell)
left join {{ source("config", "plan_rates") }} as stated using (partner, cell)
