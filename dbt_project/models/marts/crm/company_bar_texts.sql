-- Who a bar holds for, in words. Worded once per distinct audience, not per company: there are few of them.
with
    partners as (
        select party as partner, name, position
        from {{ source("config", "parties") }}
        where party <> 'us' and stage = 'active'
    ),

    bars as (select * from {{ ref("company_bars") }}),

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
            replace({{ run_text("crm.detail") }}, '{partners}', worded.who),
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
