-- The manager's go with their record where it is merged into another, as the CRM's own fields do. Of several of one
-- record
-- and partner the newest counts: so it is prolonged, turned round, and ended.
with recursive
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

    reps as (
        select
            asked.record_id,
            asked.override,
            partners.party as partner,
            asked.override_partner as partner_text,
            asked.override_reason as reason,
            asked.override_until as until,
            cast(null as varchar) as decided_by
        from asked
        left join partners on asked.connection = partners.connection and asked.override_partner = partners.named
    ),

    newest as (
        select
            record_id,
            partner,
            arg_max(struct_pack(override, reason, until, decided_by), struct_pack(decided_at, until, override)) as said
        from {{ source("state", "overrides") }}
        where decided_at <= {{ as_of() }}
        group by record_id, partner
    ),

    merges as (
        select {{ record_id("Account", "id") }} as loser, {{ record_id("Account", "_merged_into") }} as winner
        from {{ source("raw", "salesforce_account") }}
        where _merged_into is not null
        union
        select {{ record_id("companies", "id") }}, {{ record_id("companies", "_merged_into") }}
        from {{ source("raw", "hubspot_companies") }}
        where _merged_into is not null
    ),

    heirs as (
        select distinct record_id, record_id as heir
        from newest
        union
        select heirs.record_id, merges.winner
        from heirs
        inner join merges on merges.loser = heirs.heir
    ),

    managers as (
        select
            heirs.heir as record_id,
            newest.said.override as override,
            parties.party as partner,
            newest.partner as partner_text,
            newest.said.reason as reason,
            newest.said.until as until,
            newest.said.decided_by as decided_by
        from newest
        inner join heirs using (record_id)
        left join {{ source("config", "parties") }} as parties on parties.party = newest.partner
        qualify
            row_number() over (
                partition by heirs.heir, newest.partner, newest.said.override
                order by newest.said.until desc, newest.record_id
            )
            = 1
    ),

    judged as (
        select
            every_override.*,
            case
                when override not in ('allow', 'block')
                then 'overrides.unknown_word'
                when reason is null
                then 'overrides.no_reason'
                when until is null
                then 'overrides.no_end'
                when partner_text is not null and partner is null
                then 'overrides.unknown_partner'
            end as fault
        from
            (
                select *
                from reps
                union all
                select *
                from managers
            ) as every_override
        semi join {{ ref("crm_record_texts") }} as records using (record_id)
    )

select record_id, override, partner, partner_text, reason, until, decided_by, fault is null as is_valid, fault
from judged
where until is null or until >= {{ as_of_date() }}
