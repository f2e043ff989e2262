-- A person's word beats our CRM's approval field, which beats what approves by itself. Taken back, it is as if unsaid.
with
    claims as (select claim_id, partner, company_id, crm_status from {{ ref("placed_claims") }}),

    told as (
        select claim_id, decision, until, decided_by, {{ local_date("decided_at") }} as decided_on
        from {{ source("state", "registration_decisions") }}
        where decided_at <= {{ as_of() }}
        qualify
            row_number() over (partition by claim_id order by decided_at desc, md5(concat_ws('|', decision, until))) = 1
    ),

    decisions as (
        select claim_id, decision, until, decided_by, decided_on, 'by_manager' as basis, 1 as rank
        from told
        where decision <> 'withdrawn'
        union all by name
        select claim_id, crm_status as decision, 'crm' as decided_by, 'in_crm' as basis, 2 as rank
        from claims
        where crm_status is not null
        union all by name
        select claim_id, 'approved' as decision, 'yaml' as decided_by, 'automatic' as basis, 3 as rank
        from claims
        inner join {{ source("config", "registration_terms") }} as terms using (partner)
        where terms.approval = 'automatic'
        union all by name
        select
            claim_id, 'approved' as decision, 'partner_of_record' as decided_by, 'partner_of_record' as basis, 4 as rank
        from claims
        semi join {{ ref("partner_of_record_companies") }} as partner_of_record using (company_id, partner)
    )

-- what is pending in our CRM waits, though it would be approved by itself
select claim_id, decision, until, decided_by, decided_on, basis
from decisions
semi join claims using (claim_id)
qualify row_number() over (partition by claim_id order by rank) = 1
