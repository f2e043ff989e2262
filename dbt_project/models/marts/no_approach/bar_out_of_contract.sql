with
    outside as (select distinct audience from {{ ref("audiences") }} where rule = 'out_of_contract'),

    steps as ({{ size_steps() }}),

    traits as (
        select company_id, 'prefecture' as trait, prefecture as value, prefecture as told
        from {{ ref("company_profiles") }}
        where prefecture is not null
        union all
        select company_id, 'industry', industry, industry
        from {{ ref("company_profiles") }}
        where industry is not null
        union all
        select companies.company_id, 'employees', steps.from_employees::varchar, companies.employees::varchar
        from {{ ref("company_profiles") }} as companies
        asof inner join steps on companies.employees >= steps.from_employees
    )

select
    traits.company_id,
    'out_of_contract' as rule,
    outside.audience,
    []::varchar[] as spared,
    '*' as scope,
    'company' as reach,
    null::date as valid_from,
    null::date as valid_until,
    null::date as active_on,
    traits.trait || '=' || traits.told as evidence
from traits
inner join outside on outside.audience = 'contract:' || traits.trait || ':' || traits.value
