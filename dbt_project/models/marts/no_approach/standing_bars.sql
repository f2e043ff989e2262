-- All bars but other partners' registrations, which themselves depend on these. A
-- rep's allow lifts every rule but
-- restricted and a rep's block.
with
    bars as (
        select *
        from {{ ref("bar_our_customer") }}
        union all by name
        select *
        from {{ ref("bar_our_open_opportunity") }}
        union all by name
        select *
        from {{ ref("bar_customer_of_other_partner") }}
        union all by name
        select *
        from {{ ref("bar_out_of_contract") }}
        union all by name
        select *
        from {{ ref("bar_restricted") }}
        union all by name
        select *
        from {{ ref("bar_blocked") }}
    ),

    allows as (
        select
            company_id,
            bool_or(partner is null) as every_partner,
            coalesce(list(partner) filter (where partner is not null), []) as partners
        from {{ ref("company_overrides") }}
        where override = 'allow'
        group by company_id
    )

select
    bars.company_id,
    bars.rule,
    bars.audience,
    case
        when bars.rule in ('restricted', 'blocked')
        then bars.spared
        else list_sort(list_distinct(list_concat(bars.spared, coalesce(allows.partners, []))))
    end as spared,
    bars.valid_from,
    bars.valid_until,
    bars.evidence
from bars
left join allows using (company_id)
where bars.rule in ('restricted', 'blocked') or not coalesce(allows.every_partner, false)
