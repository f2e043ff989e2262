with outside as (select distinct audience from {{ ref("audiences") }} where rule = 'out_of_contract')

select
    companies.company_id,
    'out_of_contract' as rule,
    outside.audience,
    []::varchar[] as spared,
    null::date as valid_from,
    null::date as valid_until,
    concat_ws(' ', companies.prefecture, companies.industry) as evidence
from {{ ref("company_profiles") }} as companies
inner join
    outside
    on outside.audience = 'contract:' || coalesce(companies.prefecture, '') || '|' || coalesce(companies.industry, '')
