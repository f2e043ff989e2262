-- What the partner manager or marketing begins is no task for the account's owner, and nothing is begun with a
-- company that is
-- restricted for the partner. One task per company in each CRM: of duplicate accounts the one that has it already,
-- else the one to keep.
with
    restricted as (select distinct partner, company_id from {{ ref("no_approach") }} where rule = 'restricted'),

    made as (select distinct connection, object, record_id as external_id from {{ source("state", "sent") }}),

    plays as (
        select
            state.connection,
            case state.object when 'Account' then 'Task' else 'tasks' end as object,
            state.native_id || ':' || state.next_partner || ':' || state.next_cell as external_id,
            state.company_id,
            state.native_id as account_native_id,
            accounts.owner_native_id,
            state.next_play as subject,
            partners.name as partner_name,
            account_map.our_status,
            account_map.partner_status,
            account_map.play_key,
            account_map.talking_point_key,
            account_map.kpi_key,
            account_map.evidence,
            copies.position
        from {{ ref("crm_account_state") }} as state
        inner join {{ source("config", "parties") }} as partners on partners.party = state.next_partner
        inner join
            {{ ref("account_map") }} as account_map
            on account_map.partner = state.next_partner
            and account_map.company_id = state.company_id
        inner join {{ ref("crm_record_texts") }} as accounts using (connection, object, native_id)
        left join {{ ref("crm_duplicates") }} as copies using (connection, object, native_id)
        anti join
            restricted on restricted.partner = account_map.partner and restricted.company_id = account_map.company_id
        where account_map.owner_role in ('customer_success', 'sales') and accounts.owner_native_id is not null
    ),

    chosen as (
        select plays.*
        from plays
        left join made using (connection, object, external_id)
        qualify
            row_number() over (
                partition by plays.connection, plays.company_id
                order by made.external_id is null, plays.position, plays.account_native_id
            )
            = 1
    )

select
    chosen.connection,
    chosen.object,
    chosen.external_id,
    chosen.account_native_id,
    chosen.owner_native_id,
    chosen.subject,
    concat_ws(
        chr(10),
        replace(
            replace(
                replace({{ run_text("crm.task.statuses") }}, '{ours}', our_status.text), '{theirs}', their_status.text
            ),
            '{partner}',
            chosen.partner_name
        ),
        replace({{ run_text("crm.task.talking_point") }}, '{talking_point}', talking_point.text),
        replace({{ run_text("crm.task.kpi") }}, '{kpi}', kpi.text),
        replace({{ run_text("crm.task.evidence") }}, '{evidence}', chosen.evidence)
    ) as description,
    {{ as_of_date() }} + 14 as due_on,
    chosen.play_key as rule
from chosen
inner join {{ ref("run_texts") }} as our_status on our_status.key = 'status.' || chosen.our_status
inner join {{ ref("run_texts") }} as their_status on their_status.key = 'status.' || chosen.partner_status
inner join {{ ref("run_texts") }} as talking_point on talking_point.key = chosen.talking_point_key
inner join {{ ref("run_texts") }} as kpi on kpi.key = chosen.kpi_key
