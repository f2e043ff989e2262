-- How many of the partner's companies have which status with us, where the policy lets that be counted, told as
-- "at least", in steps of the smallest count. Of every group that the partner can tell apart by itself (its own
-- status; barred or not) one whole step at least stays open, so that no sum gives away a suppressed count or the
-- status of single companies (ADR 0022).
with
    told_apart as (
        select pairs.*, barred.company_id is not null as is_barred
        from {{ ref("share_pairs") }} as pairs
        left join
            (select distinct partner, company_id from {{ ref("share_no_approach") }}) as barred using (
                partner, company_id
            )
        where pairs.is_named and not pairs.is_shown
    ),

    sizes as (
        select partner, partner_status, is_barred, count(*) as companies
        from told_apart
        group by partner, partner_status, is_barred
    ),

    counted as (
        select partner, partner_status, is_barred, our_status, count(*) as companies
        from told_apart
        where level = 'counts' and our_status <> 'absent'
        group by partner, partner_status, is_barred, our_status
    ),

    stepped as (
        select
            counted.partner,
            counted.partner_status,
            counted.is_barred,
            counted.our_status,
            partners.minimum_count as step,
            counted.companies - counted.companies % step as in_steps,
            greatest(sizes.companies - step, 0) as room
        from counted
        inner join sizes using (partner, partner_status, is_barred)
        inner join {{ ref("share_partners") }} as partners using (partner)
    ),

    placed as (
        select
            *,
            coalesce(
                sum(in_steps) over (
                    partition by partner, partner_status, is_barred
                    order by {{ status_rank("our_status") }}
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ) as taken
        from stepped
    ),

    filled as (
        select partner, partner_status, our_status, greatest(least(in_steps, room - room % step - taken), 0) as at_least
        from placed
    )

select partner, our_status, partner_status, sum(at_least)::integer as at_least
from filled
group by partner, our_status, partner_status
