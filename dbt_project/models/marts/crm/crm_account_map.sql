-- Of a partner whose terms do not cover our CRM, only the registration that our own CRM holds is told.
with
    holding as (
        select company_id, assigned_partner as partner, is_holder_told
        from {{ ref("company_approach") }}
        where assigned_partner is not null
    ),

    pairs as (
        select pairs.partner, pairs.company_id
        from {{ ref("approach_pairs") }} as pairs
        inner join {{ ref("partner_uses") }} as uses using (partner)
        where pairs.named_by_partner and uses.is_for_crm
        union
        select partner, company_id
        from holding
        where is_holder_told
    ),

    bars as (
        select
            no_approach.partner,
            no_approach.company_id,
            first(
                struct_pack(
                    reason := {{ bar_reason("reason.text", "lines.name", "via.name") }},
                    valid_from := no_approach.valid_from,
                    valid_until := no_approach.valid_until
                )
                order by {{ rule_rank("no_approach.rule") }}
            ) filter (no_approach.scope = '*') as whole,
            string_agg(
                {{ bar_reason("reason.text", "lines.name", "via.name") }},
                ' / '
                order by {{ rule_rank("no_approach.rule") }}, lines.position, no_approach.scope
            ) filter (no_approach.scope <> '*') as in_part
        from {{ ref("no_approach") }} as no_approach
        inner join {{ ref("run_texts") }} as reason on reason.key = no_approach.reason_key
        left join {{ source("config", "product_lines") }} as lines on lines.product_line = no_approach.scope
        left join {{ ref("company_profiles") }} as via on via.company_id = no_approach.via_company_id
        group by no_approach.partner, no_approach.company_id
    ),

    verdicts as (
        select
            pairs.partner,
            pairs.company_id,
            bars.whole,
            bars.in_part,
            holding.partner is not null and holding.partner <> pairs.partner and parties.exclusive as is_held_by_other,
            coalesce(holding.partner = pairs.partner, false) as assigned,
            parties.name as partner_name,
            parties.party_type as partner_type,
            if(holding.is_holder_told, holder.name, null) as holder_name,
            uses.is_for_crm,
            own.assigned_on,
            own.held_until
        from pairs
        inner join {{ source("config", "parties") }} as parties on parties.party = pairs.partner
        left join bars using (partner, company_id)
        inner join {{ ref("partner_uses") }} as uses on uses.partner = pairs.partner
        left join holding on holding.company_id = pairs.company_id
        left join {{ source("config", "parties") }} as holder on holder.party = holding.partner
        left join {{ ref("assignments") }} as own on own.company_id = pairs.company_id and own.partner = pairs.partner
    ),

    reasons as (
        select
            *,
            case
                when whole is not null
                then whole.reason
                when is_held_by_other
                then
                    coalesce(
                        replace({{ run_text("crm.held_by_other") }}, '{partner}', holder_name),
                        {{ run_text("terms.held_by_other") }}
                    )
                when in_part is not null
                then replace({{ run_text("crm.may_approach_in_part") }}, '{reason}', in_part)
                else {{ run_text("crm.may_approach") }}
            end as reason
        from verdicts
    )

select
    map_records.connection,
    map_records.native_id || ':' || reasons.partner as external_id,
    map_records.native_id as account_native_id,
    {{ fit("reasons.partner_name", 255) }} as partner,
    reasons.partner_type,
    coalesce(ours.status, 'absent') as our_status,
    case when reasons.is_for_crm then coalesce(account_map.partner_status, 'absent') end as partner_status,
    account_map.cell,
    {{ fit("play.text", 255) }} as play,
    reasons.whole is null and not reasons.is_held_by_other as may_approach,
    {{ fit("reasons.reason", 255) }} as reason,
    case when reasons.whole is not null then reasons.whole.valid_from else reasons.assigned_on end as valid_from,
    case when reasons.whole is not null then reasons.whole.valid_until else reasons.held_until end as valid_until,
    reasons.assigned,
    {{ fit("account_map.evidence", 255) }} as evidence,
    run.as_of_date as as_of
from {{ ref("map_records") }} as map_records
cross join {{ source("config", "run") }} as run
inner join {{ source("config", "connections") }} as connections using (connection)
inner join reasons using (company_id)
left join {{ ref("party_companies") }} as ours on ours.party = 'us' and ours.company_id = reasons.company_id
left join
    {{ ref("account_map") }} as account_map
    on account_map.partner = reasons.partner
    and account_map.company_id = reasons.company_id
    and reasons.is_for_crm
left join {{ ref("run_texts") }} as play on play.key = account_map.play_key
where map_records.party = 'us' and map_records.object = 'Account' and connections.crm = 'salesforce'
