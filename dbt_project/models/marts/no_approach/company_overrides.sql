-- A confirmation covers the override as it was confirmed: for another partner, or
-- longer, it needs a new one.
with
    confirmed as (
        select
            overrides.record_id, overrides.partner, max(least(confirmations.until, overrides.until)) as confirmed_until
        from {{ ref("overrides") }} as overrides
        inner join {{ source("state", "override_confirmations") }} as confirmations using (record_id)
        where
            (confirmations.partner is null or confirmations.partner = overrides.partner)
            and confirmations.decided_at <= {{ as_of() }}
            and confirmations.until >= {{ as_of_date() }}
            and overrides.override = 'allow'
        group by overrides.record_id, overrides.partner
    )

select
    map_records.company_id,
    overrides.override,
    overrides.partner,
    max(overrides.until) as until,
    max(confirmed.confirmed_until) as confirmed_until,
    first(overrides.reason order by overrides.until desc, overrides.record_id) as reason,
    first(overrides.record_id order by overrides.until desc, overrides.record_id) as record_id
from {{ ref("overrides") }} as overrides
inner join {{ ref("map_records") }} as map_records using (record_id)
left join
    confirmed on confirmed.record_id = overrides.record_id and confirmed.partner is not distinct from overrides.partner
where map_records.party = 'us' and overrides.is_valid and overrides.until >= {{ as_of_date() }}
group by map_records.company_id, overrides.override, overrides.partner
