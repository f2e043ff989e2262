select
    company_id,
    'blocked' as rule,
    case when partner is null then 'all' else 'partner:' || partner end as audience,
    []::varchar[] as spared,
    '*' as scope,
    'company' as reach,
    null::date as valid_from,
    until as valid_until,
    null::date as active_on,
    reason || ' (' || record_id || ')' as evidence
from {{ ref("company_overrides") }}
where override = 'block'
