-- What may be known of a company beside our dealings with it: what the partner's own record says; of companies that are
-- shown also what the public register and our own records say. Never what another partner told us.
with
    asked as (
        select partner, company_id, is_shown, is_named
        from {{ ref("share_pairs") }}
        union all
        select partner, company_id, false, true
        from {{ ref("no_approach") }}
        where named_by_partner
        union all
        select partner, company_id, false, true
        from {{ ref("registrations") }}
        where company_id is not null
    ),

    companies as (
        select partner, company_id, bool_or(is_shown) as is_shown, bool_or(is_named) as is_named
        from asked
        semi join {{ ref("share_partners") }} as partners using (partner)
        group by partner, company_id
    ),

    -- of several records of a party the account comes before its claims, and the warmest first; claims in our own CRM
    -- are the word of the partner that made them
    records as (
        select
            places.party,
            places.company_id,
            records.record_id,
            records.native_id,
            records.name,
            records.corporate_number,
            records.prefecture,
            records.city,
            records.industry,
            records.employees
        from {{ ref("map_records") }} as places
        inner join {{ ref("records") }} as records using (record_id)
        where places.party <> 'us' or places.object not in ('registration', 'introduction')
        qualify
            row_number() over (
                partition by places.party, places.company_id
                order by
                    places.object in ('registration', 'introduction'),
                    {{ status_precedence("places.status") }},
                    places.record_id
            )
            = 1
    ),

    -- a partner that lists a company twice finds it under each of its ids
    their_ids as (
        select party as partner, company_id, string_agg(distinct native_id, '; ' order by native_id) as their_id
        from {{ ref("map_records") }}
        where party <> 'us' and object not in ('registration', 'introduction')
        group by party, company_id
    ),

    register as (
        select placed.company_id, entries.corporate_number, entries.name, entries.prefecture, entries.city
        from {{ source("match", "companies") }} as placed
        inner join {{ ref("register_entries") }} as entries using (corporate_number)
    )

select
    companies.partner,
    companies.company_id,
    {{ share_key("companies.partner", "companies.company_id") }} as row_key,
    companies.is_named,
    theirs.record_id as partner_record_id,
    their_ids.their_id,
    coalesce(theirs.name, if(companies.is_shown, coalesce(register.name, ours.name), null)) as company_name,
    coalesce(
        theirs.corporate_number,
        if(companies.is_shown, coalesce(register.corporate_number, ours.corporate_number), null)
    ) as corporate_number,
    coalesce(
        theirs.prefecture, if(companies.is_shown, coalesce(register.prefecture, ours.prefecture), null)
    ) as prefecture,
    case
        when theirs.prefecture is not null
        then theirs.city
        when companies.is_shown
        then if(register.prefecture is not null, register.city, ours.city)
    end as city,
    coalesce(theirs.industry, if(companies.is_shown, ours.industry, null)) as industry,
    coalesce(theirs.employees, if(companies.is_shown, ours.employees, null)) as employees
from companies
left join records as theirs on theirs.party = companies.partner and theirs.company_id = companies.company_id
left join their_ids on their_ids.partner = companies.partner and their_ids.company_id = companies.company_id
left join records as ours on ours.party = 'us' and ours.company_id = companies.company_id
left join register on register.company_id = companies.company_id
where theirs.name is not null or companies.is_shown
