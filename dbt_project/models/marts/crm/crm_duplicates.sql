-- Which of several to keep: the one with the most deals, then with the most days of activity, then the oldest; ids
-- settle
-- the rest.
with
    copies as (
        select *, count(*) over (partition by connection, object, company_id) as records
        from {{ ref("map_records") }}
        where party = 'us' and object in ('Account', 'companies')
        qualify records > 1
    ),

    deals as (
        select record_id, count(*) as deals
        from {{ ref("opportunities") }}
        semi join copies using (record_id)
        group by record_id
    ),

    days as (
        select record_id, count(distinct activity_on) as active_days, max(activity_on) as last_activity_on
        from {{ ref("activities") }}
        semi join copies using (record_id)
        where party = 'us'
        group by record_id
    )

select
    copies.connection,
    copies.object,
    copies.company_id,
    companies.name as company_name,
    copies.native_id,
    copies.name,
    row_number() over (
        partition by copies.connection, copies.object, copies.company_id
        order by
            deals.deals desc nulls last, days.active_days desc nulls last, texts.created_on nulls last, copies.native_id
    ) as position,
    copies.records,
    copies.owner_name,
    coalesce(deals.deals, 0) as deals,
    days.last_activity_on,
    texts.created_on
from copies
inner join {{ ref("company_profiles") }} as companies using (company_id)
left join {{ ref("crm_record_texts") }} as texts using (record_id)
left join deals using (record_id)
left join days using (record_id)
