{{ config(materialized="view") }}  -- read for one company at a time

-- What the CRM shows on each account of ours because of all this.
select
    state.company_id,
    null::varchar as partner,
    'crm' as section,
    'explain.crm' as text_key,
    map{
        'record_id':state.connection || ':' || state.object || ':' || state.native_id,
        'approach_key':'field.account.partner_approach.' || state.partner_approach,
        'detail':state.no_approach_detail,
        'until':state.no_approach_until::varchar,
        'assigned':state.assigned_partner,
        'cells':state.cells,
        'next_play':state.next_play
    } as params,
    state.connection || state.native_id as ordered_by
from {{ ref("crm_account_state") }} as state
