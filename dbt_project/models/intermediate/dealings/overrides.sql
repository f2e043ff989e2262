with
    asked as (
        select record_id, connection, override, override_partner, override_reason, override_until
        from {{ ref("stg_salesforce__accounts") }}
        where party = 'us' and override is not null
        union all
        select record_id, connection, override, override_partner, override_reason, override_until
        from {{ ref("stg_hubspot__companies") }}
        where party = 'us' and override is not null
    ),

    partners as ({{ named_partners("asked", "connection", "override_partner") }}),

    judged as (
        select
            asked.record_id,
            asked.override,
            partners.party as partner,
            asked.override_partner as partner_text,
            asked.override_reason as reason,
            asked.override_until as until,
            case
                when asked.override not in ('allow', 'block')
                then 'overrides.unknown_word'
                when asked.override_reason is null
                then 'overrides.no_reason'
                when asked.override_until is null
                then 'overrides.no_end'
                when asked.override_partner is not null and partners.party is null
                then 'overrides.unknown_partner'
            end as fault
        from asked
        left join partners on asked.connection = partners.connection and asked.override_partner = partners.named
        semi join {{ ref("crm_record_texts") }} as records using (record_id)
    )

select record_id, override, partner, partner_text, reason, until, fault is null as is_valid, fault
from judged
where until is null or until >= {{ as_of_date() }}
