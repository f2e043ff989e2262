with
    partners as ({{ planned_partners() }}),

    industries as ({{ industry_names() }}),

    traits as (
        select
            profiles.company_id,
            'industry' as kind,
            coalesce(industries.name, fold_text(profiles.industry)) as value_key,
            profiles.industry as value
        from {{ ref("company_profiles") }} as profiles
        left join industries on industries.written = fold_text(profiles.industry)
        where profiles.industry is not null
        union all
        select company_id, 'prefecture', prefecture, prefecture
        from {{ ref("company_profiles") }}
        where prefecture is not null
    ),

    -- one writing for each value, the commonest
    named as (select kind, value_key, mode(value order by value) as value from traits group by kind, value_key),

    ours as (select company_id from {{ ref("our_companies") }} where our_status = 'customer'),

    theirs as (
        select partner, company_id, our_status = 'customer' as is_both
        from {{ ref("account_map") }}
        where partner_status = 'customer'
    ),

    our_counts as (
        select traits.kind, traits.value_key, count(*) as customers
        from traits
        inner join ours using (company_id)
        group by traits.kind, traits.value_key
    ),

    their_counts as (
        select
            theirs.partner,
            traits.kind,
            traits.value_key,
            count(*) as customers,
            count(*) filter (where theirs.is_both) as both_customers
        from traits
        inner join theirs using (company_id)
        group by theirs.partner, traits.kind, traits.value_key
    ),

    bases as (
        select
            partners.partner,
            named.kind,
            named.value,
            coalesce(our_counts.customers, 0) as our_customers,
            coalesce(their_counts.customers, 0) as their_customers,
            coalesce(their_counts.both_customers, 0) as both_customers
        from partners
        cross join named
        left join our_counts using (kind, value_key)
        left join their_counts using (partner, kind, value_key)
    )

select
    partner,
    kind,
    value,
    our_customers,
    their_customers,
    both_customers,
    row_number() over (
        partition by partner, kind order by both_customers desc, their_customers desc, our_customers desc, value
    )::integer as position
from bases
where our_customers > 0 or their_customers > 0
