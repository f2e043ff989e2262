{{ config(materialized="view") }}  -- read for one company at a time

-- What each record says of its party's status, which of them counts, and the cell that follows.
with
    statuses as (
        select
            records.company_id,
            if(records.party = 'us', null, records.party) as partner,
            'statuses' as section,
            'explain.status' as text_key,
            map{
                'party':parties.name,
                'status_key':'status.' || statuses.status,
                'reason_key':statuses.reason,
                'since':statuses.since::varchar,
                'until':statuses.until::varchar,
                'evidence':statuses.evidence,
                'record_id':statuses.record_id
            } as params,
            lpad(parties.position::varchar, 5, '0') || records.record_id || statuses.status as ordered_by
        from {{ ref("record_statuses") }} as statuses
        inner join {{ ref("map_records") }} as records using (record_id)
        inner join {{ source("config", "parties") }} as parties on parties.party = records.party
    ),

    former as (
        select
            records.company_id,
            if(records.party = 'us', null, records.party) as partner,
            'statuses' as section,
            'explain.former_customer' as text_key,
            map{'party':parties.name, 'until':former.until::varchar, 'evidence':former.evidence} as params,
            lpad(parties.position::varchar, 5, '0') || records.record_id || 'z' as ordered_by
        from {{ ref("former_customers") }} as former
        inner join {{ ref("map_records") }} as records using (record_id)
        inner join {{ source("config", "parties") }} as parties on parties.party = records.party
    ),

    cells as (
        select
            account_map.company_id,
            account_map.partner,
            'map' as section,
            if(account_map.cell is null, 'explain.outside_cells', 'explain.cell') as text_key,
            map{
                'partner':parties.name,
                'our_status_key':'status.' || account_map.our_status,
                'partner_status_key':'status.' || account_map.partner_status,
                'cell':account_map.cell::varchar,
                'play_key':account_map.play_key
            } as params,
            lpad(parties.position::varchar, 5, '0') as ordered_by
        from {{ ref("account_map") }} as account_map
        inner join {{ source("config", "parties") }} as parties on parties.party = account_map.partner
    ),

    partners_of_record as (
        select
            served.company_id,
            served.partner,
            'map' as section,
            'explain.partner_of_record' as text_key,
            map{'partner':parties.name} as params,
            lpad(parties.position::varchar, 5, '0') || 'z' as ordered_by
        from {{ ref("partner_of_record_companies") }} as served
        inner join {{ source("config", "parties") }} as parties on parties.party = served.partner
    )

from statuses
union all by name
from former
union all by name
from cells
union all by name
from partners_of_record
