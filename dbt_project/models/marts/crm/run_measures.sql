-- Every party and every rule has a row, with 0 where there is none: a source that fails shows as a fall, not as a gap.
with
    parties as (select party, party <> 'us' as is_partner from {{ source("config", "parties") }}),

    records as (select party, count(*) as records from {{ ref("records") }} group by party),

    placed as (
        select
            party,
            company_id,
            bool_or(party = 'us') over (partition by company_id) as is_ours,
            object in ('Account', 'companies') as is_account
        from {{ ref("map_records") }}
    ),

    per_party as (
        select
            party,
            count(*) filter (is_account) as accounts,
            count(*) filter (is_ours) / count(*) as joined,
            count(*) filter (companies.corporate_number is not null) as numbered,
            count(*) as placed
        from placed
        inner join {{ ref("company_profiles") }} as companies using (company_id)
        group by party
    ),

    customers as (
        select party, count(*) as customers
        from {{ ref("party_companies") }}
        where list_contains(string_split(statuses, ', '), 'customer')
        group by party
    ),

    rules as (select unnest({{ rule_names() }}) as rule),

    barred as (select company_id from {{ ref("company_approach") }} where partner_approach = 'no_approach'),

    barred_by_rule as (
        select rule, count(distinct company_id) as companies
        from {{ ref("company_bars") }}
        semi join barred using (company_id)
        group by rule
    ),

    measures as (
        select 'companies' as name, count(*) as value
        from {{ ref("company_profiles") }}
        union all
        select 'our_accounts', sum(accounts)
        from per_party
        where party = 'us'
        union all
        select 'our_customers', sum(customers)
        from customers
        where party = 'us'
        union all
        select 'our_open_opportunities', count(*)
        from {{ ref("opportunities") }}
        where party = 'us' and is_open
        union all
        select 'register_entries', count(*)
        from {{ ref("register_entries") }}
        union all
        select 'placed_by_register', sum(numbered) / sum(placed)
        from per_party
        union all
        select 'records:' || parties.party, records.records
        from parties
        left join records using (party)
        union all
        select 'customers:' || parties.party, customers.customers
        from parties
        left join customers using (party)
        where parties.is_partner
        union all
        select 'joined:' || parties.party, per_party.joined
        from parties
        left join per_party using (party)
        where parties.is_partner
        union all
        select 'no_approach_companies', count(*)
        from barred
        union all
        select 'no_approach:' || rules.rule, barred_by_rule.companies
        from rules
        left join barred_by_rule using (rule)
        union all
        select 'restricted', count(distinct company_id)
        from {{ ref("company_bars") }}
        where rule = 'restricted'
        union all
        select 'live_registrations', count(*)
        from {{ ref("registrations") }}
        where {{ is_live_claim("status") }}
    )

select name, coalesce(value, 0)::double as value
from measures
