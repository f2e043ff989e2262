-- Only what a partner named or had a part in is joined: never every partner with every
-- case.
with
    involved as (
        select partner_of_record as partner, measure, case_id
        from {{ ref("lift_cases") }}
        where partner_of_record is not null
        union all
        select served.partner, cases.measure, cases.case_id
        from {{ ref("lift_cases") }} as cases
        inner join {{ ref("partner_of_record_companies") }} as served using (company_id)
        where cases.measure = 'retention'
    ),

    present as (
        select theirs.party as partner, cases.measure, cases.case_id
        from {{ ref("lift_cases") }} as cases
        inner join {{ ref("party_companies") }} as theirs using (company_id)
        where theirs.party <> 'us' and theirs.status in ('customer', 'open_opportunity')
    ),

    both_bases as (
        select partner, measure, case_id, true as is_involved, false as is_present
        from involved
        union all
        select partner, measure, case_id, false as is_involved, true as is_present
        from present
    ),

    touched as (
        select partner, measure, case_id, bool_or(is_involved) as is_involved, bool_or(is_present) as is_present
        from both_bases
        group by partner, measure, case_id
    )

select
    touched.partner,
    touched.measure,
    touched.case_id,
    cases.stratum,
    cases.outcome,
    touched.is_involved,
    touched.is_present
from touched
inner join {{ ref("lift_cases") }} as cases using (measure, case_id)
inner join {{ source("config", "parties") }} as parties on parties.party = touched.partner
where parties.stage <> 'ended'
