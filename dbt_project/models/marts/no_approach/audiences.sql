-- A bar names its audience instead of each partner, so that a rule that holds for 200
-- partners is one row per company.
with
    partners as (
        select party as partner from {{ source("config", "parties") }} where party <> 'us' and stage = 'active'
    ),

    settings as (
        select rules.*
        from {{ source("config", "no_approach_rules") }} as rules
        inner join partners using (partner)
        where rules.enabled
    ),

    limits as (
        select limits.*
        from ({{ contract_limits() }}) as limits
        inner join settings using (partner)
        where settings.rule = 'out_of_contract'
    ),

    traits as (
        select distinct 'prefecture' as trait, prefecture as value
        from {{ ref("company_profiles") }}
        union
        select distinct 'industry', industry
        from {{ ref("company_profiles") }}
        union
        select 'employees', from_employees::varchar
        from ({{ size_steps() }})
    ),

    -- a company of which a trait is unknown is not held against the partner
    outside as (
        select limits.partner, 'contract:' || traits.trait || ':' || traits.value as audience
        from limits
        inner join
            traits
            on case
                traits.trait
                when 'prefecture'
                then not list_contains(limits.prefectures, fold_text(traits.value))
                when 'industry'
                then not list_contains(limits.industries, fold_text(traits.value))
                else
                    try_cast(traits.value as integer) < limits.at_least
                    or try_cast(traits.value as integer) > limits.at_most
            end
    )

select
    'all' as audience,
    partner,
    null::varchar as rule,
    null::integer as days,
    'company' as reach,
    false as by_product_line
from partners
union all
select 'partner:' || partner, partner, null, null, 'company', false
from partners
union all
select
    concat_ws(
        ':',
        rule,
        coalesce(days::varchar, ''),
        if(reach = 'group', 'group', null),
        if(by_product_line, 'by_product_line', null)
    ),
    partner,
    rule,
    days,
    reach,
    by_product_line
from settings
where rule <> 'out_of_contract'
union all
select audience, partner, 'out_of_contract', null, 'company', false
from outside
