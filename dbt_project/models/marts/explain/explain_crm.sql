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

    -- what the CRM's id of an account or a deal is of; ids of child rows begin with that of their account
    accounts as (
        select connection, native_id, false as is_deal, company_id, nullif(party, 'us') as partner
        from {{ ref("map_records") }}
        where object in ('Account', 'companies')
        union all
        select map_records.connection, split_part(deals.opportunity_id, ':', 3), true, map_records.company_id, null
        from {{ ref("opportunities") }} as deals
        inner join {{ ref("map_records") }} as map_records using (record_id)
        where deals.party = 'us'
    ),

    conflicts as (
        select
            accounts.company_id,
            accounts.partner,
            'explain.conflict' as text_key,
            map{
                'record_id':conflicts.connection || ':' || conflicts.object || ':' || conflicts.record_id,
                'field_key': case
                    when starts_with(conflicts.object, 'list:')
                    then 'list.' || split_part(conflicts.object, ':', 3)
                    when conflicts.object = 'Totsugo_Account_Map__c'
                    then 'field.child.' || conflicts.field || '.label'
                    when accounts.is_deal
                    then 'field.deal.' || conflicts.field || '.label'
                    else 'field.account.' || conflicts.field || '.label'
                end,
                'theirs':conflicts.theirs,
                'ours':conflicts.ours,
                'since':{{ local_date("conflicts.first_seen_at") }}::varchar,
                'answer_key':'explain.conflict.answer.' || conflicts.answer
            } as params,
            conflicts.connection || conflicts.record_id || '~' || conflicts.field as ordered_by
        from {{ source("state", "conflicts") }} as conflicts
        inner join
            accounts
            on accounts.connection = conflicts.connection
            and accounts.native_id = split_part(conflicts.record_id, ':', 1)
            and accounts.is_deal = (conflicts.object in ('Opportunity', 'deals'))
        where conflicts.resolved_at is null
    ),

    holds as (
        select
            accounts.company_id,
            accounts.partner,
            'explain.hold' as text_key,
            map{
                'record_id':holds.connection || ':' || holds.object || ':' || holds.record_id,
                'run':holds.run_id,
                'by':holds.held_by,
                'since':{{ local_date("holds.held_at") }}::varchar
            } as params,
            holds.connection || holds.record_id || '~' as ordered_by
        from {{ source("state", "holds") }} as holds
        inner join
            accounts
            on accounts.connection = holds.connection
            and accounts.native_id = split_part(holds.record_id, ':', 1)
            and accounts.is_deal = (holds.object in ('Opportunity', 'deals'))
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
