-- All bars but other partners' registrations, which themselves depend on these. An
-- allow lifts every rule but
-- restricted and a block, also where the bar comes from another company of the
-- group.
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

    at_home as (
        select company_id, rule, list(partner order by partner) as partners
        from {{ ref("partner_of_record_companies") }}
        cross join (values ('our_customer'), ('our_open_opportunity'), ('customer_of_other_partner')) as sparing(rule)
        group by company_id, rule
    ),

    reaching as (
        select * exclude (reach), null::varchar as via_company_id
        from bars
        union all by name
        ({{ bars_across_groups("bars", "at_home") }})
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
    reaching.company_id,
    reaching.rule,
    reaching.audience,
    case
        when reaching.rule in ('restricted', 'blocked')
        then reaching.spared
        else list_sort(list_distinct(list_concat(reaching.spared, coalesce(allows.partners, []))))
    end as spared,
    reaching.scope,
    reaching.valid_from,
    reaching.valid_until,
    reaching.active_on,
    reaching.via_company_id,
    reaching.evidence
from reaching
left join allows using (company_id)
where reaching.rule in ('restricted', 'blocked') or not coalesce(allows.every_partner, false)
