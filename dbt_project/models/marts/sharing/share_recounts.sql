-- A partner's counts stand as they were told until our status of as many of its companies has changed as the smallest
-- count: nothing that the partner does to its list has them counted anew, else it would see what one company more or
-- less makes of them. Companies that it names later are counted by themselves, once, when they are twice as many.
with
    told as (
        select partner, max(counted_at) as counted_at from {{ source("state", "shared_counts") }} group by partner
    ),

    earlier as (
        select history.party as partner, history.company_id, history.our_status
        from {{ source("state", "map_history") }} as history
        inner join told on told.partner = history.party
        where
            history.partner_status <> 'absent'
            and history.valid_from <= told.counted_at
            and (history.valid_until is null or history.valid_until > told.counted_at)
    ),

    changes as (
        select partner, count(*) as companies
        from earlier
        inner join {{ ref("share_pairs") }} as pairs using (partner, company_id)
        where pairs.is_named and earlier.our_status <> pairs.our_status
        group by partner
    ),

    arrivals as (select partner, count(*) as companies from {{ ref("share_arrivals") }} group by partner)

select
    partners.partner,
    told.counted_at,
    coalesce(changes.companies, 0)::integer as changed_companies,
    told.partner is null or coalesce(changes.companies, 0) >= partners.minimum_count as is_recounted,
    not is_recounted and coalesce(arrivals.companies, 0) >= 2 * partners.minimum_count as is_extended
from {{ ref("share_partners") }} as partners
left join told using (partner)
left join changes using (partner)
left join arrivals using (partner)
