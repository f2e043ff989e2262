-- By 法人番号; by name where the entry has none, or where the company's number is not
-- known. Rather one namesake too many.
with
    entries as (
        select
            case when partner is null then 'all' else 'partner:' || partner end as audience,
            corporate_number,
            name_key(name) as name_key,
            coalesce(product_line, '*') as scope,
            reach,
            reason
        from {{ source("config", "restricted") }}
    ),

    names as (
        select company_id, name_key
        from {{ ref("map_records") }}
        union
        select companies.company_id, register.name_key
        from {{ ref("company_profiles") }} as companies
        inner join {{ ref("register_entries") }} as register using (corporate_number)
    ),

    listed as (
        select companies.company_id, entries.audience, entries.scope, entries.reach, entries.reason
        from {{ ref("company_profiles") }} as companies
        inner join entries using (corporate_number)
        union
        select names.company_id, entries.audience, entries.scope, entries.reach, entries.reason
        from names
        inner join entries using (name_key)
        inner join {{ ref("company_profiles") }} as companies on companies.company_id = names.company_id
        where entries.corporate_number is null or companies.corporate_number is null
    )

select
    company_id,
    'restricted' as rule,
    audience,
    []::varchar[] as spared,
    scope,
    max(reach) as reach,
    null::date as valid_from,
    null::date as valid_until,
    null::date as active_on,
    min(reason) as evidence
from listed
group by company_id, audience, scope
