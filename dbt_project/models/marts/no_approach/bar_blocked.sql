select
    company_id,
    'blocked' as rule,
    case when partner is null then 'all' else 'partner:' || partner end as audience,
    []::varchar[] as spared,
    null::date as valid_from,
    until as valid_until,
    reason || ' (' || record_id || ')' as evidence
from {{ ref("company_overrides") }}
where override = 'block'
