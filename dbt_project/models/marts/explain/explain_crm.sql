{{ config(materialized="view") }}  -- read for one company at a time

-- What the CRM shows on each account of ours because of all this; what a person set there instead, and what is held.
with
    shown as (
        select
            state.company_id,
            null::varchar as partner,
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
    ),

    -- every record that write-back may write, by what names it in the state
    records as (
        select connection, object, native_id as record_id, company_id, nullif(party, 'us') as partner
        from {{ ref("map_records") }}
        where object in ('Account', 'companies')
        union all
        select
            map_records.connection,
            split_part(deals.opportunity_id, ':', 2),
            split_part(deals.opportunity_id, ':', 3),
            map_records.company_id,
            null
        from {{ ref("opportunities") }} as deals
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where deals.party = 'us'
        union all
        select children.connection, 'Totsugo_Account_Map__c', children.external_id, accounts.company_id, null
        from {{ ref("crm_account_map") }} as children
        inner join
            {{ ref("map_records") }} as accounts
            on accounts.connection = children.connection
            and accounts.object = 'Account'
            and accounts.native_id = children.account_native_id
    ),

    conflicts as (
        select
            records.company_id,
            records.partner,
            'explain.conflict' as text_key,
            map{
                'record_id':conflicts.connection || ':' || conflicts.object || ':' || conflicts.record_id,
                'field_key':'field.' || case
                    conflicts.object
                    when 'Totsugo_Account_Map__c'
                    then 'child'
                    when 'Opportunity'
                    then 'opportunity'
                    when 'deals'
                    then 'opportunity'
                    else 'account'
                end
                || '.'
                || conflicts.field
                || '.label',
                'theirs':conflicts.theirs,
                'ours':conflicts.ours,
                'since':{{ local_date("conflicts.first_seen_at") }}::varchar,
                'answer_key':'explain.conflict.answer.' || conflicts.answer
            } as params,
            conflicts.connection || conflicts.record_id || '~' || conflicts.field as ordered_by
        from {{ source("state", "conflicts") }} as conflicts
        inner join records using (connection, object, record_id)
        where conflicts.resolved_at is null
    ),

    holds as (
        select
            records.company_id,
            records.partner,
            'explain.hold' as text_key,
            map{
                'record_id':holds.connection || ':' || holds.object || ':' || holds.record_id,
                'run':holds.run_id,
                'by':holds.held_by,
                'since':{{ local_date("holds.held_at") }}::varchar
            } as params,
            holds.connection || holds.record_id || '~' as ordered_by
        from {{ source("state", "holds") }} as holds
        inner join records using (connection, object, record_id)
        where holds.released_at is null
    ),

    steps as (
        select *
        from shown
        union all
        select *
        from conflicts
        union all
        select *
        from holds
    )

select company_id, partner, 'crm' as section, text_key, params, ordered_by
from steps
