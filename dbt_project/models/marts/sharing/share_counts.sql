-- How many of the partner's companies have which status with us, where the policy lets that be counted, told as
-- "at least", in steps of the smallest count. Of every group that the partner can tell apart by itself (its own
-- status; what it is told of each, row by row) one whole step at least stays open, so that no sum gives away a
-- suppressed count or the status of single companies (ADR 0022). Companies that nobody but the partner knows of count
-- for nothing: it may have made them up.
with
    in_turn as (
        select pairs.*
        from {{ ref("share_pairs") }} as pairs
        inner join {{ ref("share_recounts") }} as recounts using (partner)
        left join {{ ref("share_arrivals") }} as arrivals using (partner, company_id)
        where
            pairs.is_named
            and not pairs.is_shown
            and (recounts.is_recounted or (recounts.is_extended and arrivals.company_id is not null))
    ),

    real as (
        select company_id
        from {{ ref("party_companies") }}
        where party = 'us'
        union
        select placed.company_id
        from {{ source("match", "companies") }} as placed
        semi join {{ ref("register_entries") }} as entries using (corporate_number)
    ),

    by_row as (
        select
            partner,
            company_id,
            concat_ws('|', 'barred', is_whole_company, product_line, reason_key, valid_until is not null) as told
        from {{ ref("share_no_approach") }}
        union all
        select partner, company_id, concat_ws('|', 'registered', status, valid_until is not null)
        from {{ ref("share_registrations") }}
        where company_id is not null
    ),

    told_of as (
        select partner, company_id, string_agg(told, ', ' order by told) as told
        from by_row
        group by partner, company_id
    ),

    told_apart as (
        select in_turn.*, coalesce(told_of.told, '') as told
        from in_turn
        semi join real using (company_id)
        left join told_of using (partner, company_id)
    ),

    sizes as (
        select partner, partner_status, told, count(*) as companies
        from told_apart
        group by partner, partner_status, told
    ),

    counted as (
        select partner, partner_status, told, our_status, count(*) as companies
        from told_apart
        where level = 'counts' and our_status <> 'absent'
        group by partner, partner_status, told, our_status
    ),

    stepped as (
        select
            counted.partner,
            counted.partner_status,
            counted.told,
            counted.our_status,
            partners.minimum_count as step,
            counted.companies - counted.companies % step as in_steps,
            greatest(sizes.companies - step, 0) as room
        from counted
        inner join sizes using (partner, partner_status, told)
        inner join {{ ref("share_partners") }} as partners using (partner)
    ),

    placed as (
        select
            *,
            coalesce(
                sum(in_steps) over (
                    partition by partner, partner_status, told
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
