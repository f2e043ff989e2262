with settings as (select distinct audience from {{ ref("audiences") }} where rule = 'registered_by_other')

select
    registrations.company_id,
    'registered_by_other' as rule,
    settings.audience,
    [registrations.partner] as spared,
    registrations.received_on as valid_from,
    registrations.protected_until as valid_until,
    registrations.claim_id as evidence
from {{ ref("registrations") }} as registrations
cross join settings
where registrations.status in ('pending', 'approved')
