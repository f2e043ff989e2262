-- One task per company in each CRM: of duplicate accounts the one to keep has it. What the partner manager or marketing
-- begins is no task for the account's owner, and nothing is begun with a company that is restricted for the partner.
with restricted as (select distinct partner, company_id from {{ ref("no_approach") }} where rule = 'restricted')

select
    state.connection,
    case state.object when 'Account' then 'Task' else 'tasks' end as object,
    state.native_id || ':' || state.next_partner || ':' || state.next_cell as external_id,
    state.native_id as account_native_id,
    accounts.owner_native_id,
    state.next_play as subject,
    concat_ws(
        chr(10),
        replace(
            replace(
                replace({{ run_text("crm.task.statuses") }}, '{ours}', our_status.text), '{partner}', partners.name
            ),
            '{theirs}',
            their_status.text
        ),
        replace({{ run_text("crm.task.talking_point") }}, '{talking_point}', talking_point.text),
        replace({{ run_text("crm.task.kpi") }}, '{kpi}', kpi.text),
        replace({{ run_text("crm.task.evidence") }}, '{evidence}', account_map.evidence)
    ) as description,
    {{ as_of_date() }} + 14 as due_on,
    account_map.play_key as rule
from {{ ref("crm_account_state") }} as state
inner join
    {{ ref("account_map") }} as account_map
    on account_map.partner = state.next_partner
    and account_map.company_id = state.company_id
inner join {{ source("config", "parties") }} as partners on partners.party = state.next_partner
inner join {{ ref("crm_record_texts") }} as accounts using (connection, object, native_id)
inner join {{ ref("run_texts") }} as our_status on our_status.key = 'status.' || account_map.our_status
inner join {{ ref("run_texts") }} as their_status on their_status.key = 'status.' || account_map.partner_status
inner join {{ ref("run_texts") }} as talking_point on talking_point.key = account_map.talking_point_key
inner join {{ ref("run_texts") }} as kpi on kpi.key = account_map.kpi_key
anti join restricted on restricted.partner = state.next_partner and restricted.company_id = state.company_id
anti join
    {{ ref("crm_duplicates") }} as copies
    on copies.connection = state.connection
    and copies.object = state.object
    and copies.native_id = state.native_id
    and copies.position > 1
where account_map.owner_role in ('customer_success', 'sales') and accounts.owner_native_id is not null
