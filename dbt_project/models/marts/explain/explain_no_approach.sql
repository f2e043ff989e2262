{{ config(materialized="view") }}  -- read for one company at a time

-- Every bar on the company, for whom it holds, its proof and what releases it; and what reps and the partner manager
-- decided themselves.
with
    -- for whom a bar holds: worded once for each kind of bar
    kinds as (select distinct audience, spared from {{ ref("company_bars") }}),

    barred_names as (
        select kinds.audience, kinds.spared, string_agg(parties.name, '、' order by parties.position) as names
        from kinds
        inner join {{ ref("audiences") }} as audiences using (audience)
        inner join {{ source("config", "parties") }} as parties on parties.party = audiences.partner
        where not list_contains(kinds.spared, audiences.partner)
        group by kinds.audience, kinds.spared
    ),

    bars as (
        select
            bars.company_id,
            null::varchar as partner,
            'no_approach' as section,
            'explain.bar' as text_key,
            map{
                'reason_key':bars.reason_key,
                'scope':{{ scope_name("bars.scope") }},
                'from':bars.valid_from::varchar,
                'until':bars.valid_until::varchar,
                'release_key':bars.release_key,
                'active_on':bars.active_on::varchar,
                'whom':{{ fit("barred_names.names", 120) }},
                'spared':array_to_string(bars.spared, ','),
                'evidence':bars.evidence,
                'via':via.name
            } as params,
            lpad({{ rule_rank("bars.rule") }}::varchar, 2, '0') || bars.scope || bars.audience as ordered_by
        from {{ ref("company_bars") }} as bars
        inner join barred_names using (audience, spared)
        left join {{ ref("company_profiles") }} as via on via.company_id = bars.via_company_id
    ),

    overrides as (
        select
            records.company_id,
            overrides.partner,
            'no_approach' as section,
            case
                when not overrides.is_valid
                then 'explain.override_invalid'
                when overrides.decided_by is null
                then 'explain.override'
                else 'explain.override_by_manager'
            end as text_key,
            map{
                'word_key':'explain.override.' || overrides.override,
                'partner':coalesce(parties.name, overrides.partner_text),
                'reason':overrides.reason,
                'until':overrides.until::varchar,
                'by':overrides.decided_by,
                'fault_key':overrides.fault,
                'record_id':overrides.record_id
            } as params,
            'z' || overrides.record_id as ordered_by
        from {{ ref("overrides") }} as overrides
        inner join {{ ref("map_records") }} as records using (record_id)
        left join {{ source("config", "parties") }} as parties on parties.party = overrides.partner
        where overrides.is_valid or overrides.fault is not null
    )

from bars
union all by name
from overrides
