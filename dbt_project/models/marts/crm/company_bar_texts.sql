-- Who a bar holds for, in words. Worded once per distinct audience, not per company: there are few of them.
with
    partners as (
        select party as partner, name, position
        from {{ source("config", "parties") }}
        where party <> 'us' and stage = 'active'
    ),

    -- who is spared shows who holds a registration: not told where terms forbid it and our own CRM does not know it
    kept_out as (select partner from {{ ref("partner_uses") }} where not is_for_crm),

    silent as (
        select distinct spared.company_id, spared.spared
        from
            (
                select company_id, spared, unnest(spared) as partner
                from {{ ref("company_bars") }}
                where rule = 'registered_by_other'
            ) as spared
        semi join kept_out using (partner)
        anti join {{ ref("claims_in_our_crm") }} using (partner, company_id)
    ),

    bars as (
        select bars.*, silent.company_id is not null as is_silent
        from {{ ref("company_bars") }} as bars
        left join
            silent
            on silent.company_id = bars.company_id
            and silent.spared = bars.spared
            and bars.rule = 'registered_by_other'
    ),

    audiences as (select distinct bars.audience, bars.spared from bars),

    membership as (
        select
            audiences.audience,
            audiences.spared,
            partners.name,
            partners.position,
            members.partner is not null and not list_contains(audiences.spared, partners.partner) as is_barred
        from audiences
        cross join partners
        left join
            {{ ref("audiences") }} as members
            on members.audience = audiences.audience
            and members.partner = partners.partner
    ),

    counted as (
        select
            audience,
            spared,
            count(*) filter (where is_barred) as barred,
            count(*) as active,
            coalesce(string_agg(name, '、' order by position) filter (where is_barred), '') as barred_names,
            coalesce(string_agg(name, '、' order by position) filter (where not is_barred), '') as other_names
        from membership
        group by audience, spared
    ),

    worded as (
        select
            counted.audience,
            counted.spared,
            counted.barred,
            counted.active,
            case
                when counted.barred = counted.active
                then {{ run_text("crm.all_partners") }}
                when counted.active > 5 and counted.active - counted.barred <= 3 and counted.barred > 3
                then replace({{ run_text("crm.all_but") }}, '{partners}', counted.other_names)
                else {{ fit("counted.barred_names", 200) }}
            end as who
        from counted
    )

select
    bars.company_id,
    bars.rule,
    bars.scope,
    bars.valid_until,
    worded.barred,
    worded.barred = worded.active and bars.scope = '*' as bars_everyone,
    replace(
        replace(
            replace(
                {{ run_text("crm.detail") }},
                '{partners}',
                if(bars.is_silent, {{ run_text("terms.other_partners") }}, worded.who)
            ),
            '{reason}',
            {{ bar_reason("reason.text", "lines.name", "via.name") }}
        ),
        '{until}',
        coalesce(replace({{ run_text("crm.until") }}, '{until}', bars.valid_until::varchar), '')
    ) as detail
from bars
inner join worded using (audience, spared)
inner join {{ ref("run_texts") }} as reason on reason.key = bars.reason_key
left join {{ source("config", "product_lines") }} as lines on lines.product_line = bars.scope
left join {{ ref("company_profiles") }} as via on via.company_id = bars.via_company_id
where worded.barred > 0
