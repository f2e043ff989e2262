-- The baseline of a partner is all cases of the stratum less those it has to do with: no row per partner and case of
-- others is needed to sum them.
with
    every_case as (
        select measure, stratum, {{ moments("outcome") }} from {{ ref("lift_cases") }} group by measure, stratum
    ),

    touched as (
        select partner, measure, stratum, {{ moments("outcome") }}
        from {{ ref("lift_partner_cases") }}
        group by partner, measure, stratum
    ),

    with_partner as (
        select partner, measure, 'involved' as basis, stratum, {{ moments("outcome") }}
        from {{ ref("lift_partner_cases") }}
        where is_involved
        group by partner, measure, stratum
        union all
        select partner, measure, 'present' as basis, stratum, {{ moments("outcome") }}
        from {{ ref("lift_partner_cases") }}
        where is_present
        group by partner, measure, stratum
    )

select
    with_partner.partner,
    with_partner.measure,
    with_partner.basis,
    with_partner.stratum,
    with_partner.n,
    with_partner.total::double as total,
    with_partner.squares::double as squares,
    every_case.n - touched.n as baseline_n,
    (every_case.total - touched.total)::double as baseline_total,
    (every_case.squares - touched.squares)::double as baseline_squares
from with_partner
inner join touched using (partner, measure, stratum)
inner join every_case using (measure, stratum)
where every_case.n > touched.n
