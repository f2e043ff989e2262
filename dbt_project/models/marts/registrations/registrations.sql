-- Claims that live by themselves, in the order in which we received them. The first of a company always holds, so a
-- later
-- one for the whole company never does; if the first is for one product line, the first of each other line holds that
-- line.
-- Claims first read in the same run were received at the same instant: then the existing relationship goes first.
with
    queued as (
        select
            fates.claim_id,
            first_value(struct_pack(fates.claim_id, fates.partner, fates.scope)) over of_company as first_of_company,
            first_value(struct_pack(fates.claim_id, fates.partner, fates.scope)) over of_scope as first_of_scope,
            fates.scope
        from {{ ref("claim_fates") }} as fates
        left join
            {{ ref("party_companies") }} as theirs
            on theirs.party = fates.partner
            and theirs.company_id = fates.company_id
        where fates.is_live
        window
            of_company as (
                partition by fates.company_id
                order by fates.received_at, {{ status_rank("theirs.status") }}, md5(fates.claim_id)
            ),
            of_scope as (
                partition by fates.company_id, fates.scope
                order by fates.received_at, {{ status_rank("theirs.status") }}, md5(fates.claim_id)
            )
    ),

    holders as (
        select claim_id, if('*' in (scope, first_of_company.scope), first_of_company, first_of_scope) as holder
        from queued
    ),

    lost as (select claim_id, holder from holders where holder.claim_id <> claim_id)

select
    fates.claim_id,
    fates.partner,
    fates.company_id,
    fates.scope,
    fates.product,
    fates.amount,
    fates.received_at,
    fates.received_on,
    if(lost.claim_id is null, fates.status, 'rejected') as status,
    case
        when lost.claim_id is null
        then fates.reason_key
        when lost.holder.partner = fates.partner
        then 'registration.duplicate'
        else 'registration.registered_by_other'
    end as reason_key,
    fates.barred_by,
    if(lost.claim_id is null, fates.decided_by, null) as decided_by,
    fates.protected_until,
    fates.in_grace and lost.claim_id is null as in_grace,
    fates.last_activity_on,
    lost.holder.claim_id as held_by_claim_id
from {{ ref("claim_fates") }} as fates
left join lost using (claim_id)
