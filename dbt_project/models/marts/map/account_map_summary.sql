-- Every combination of statuses for every partner, so that an empty cell shows as 0. Companies of ours that a partner
-- does not have are all of ours less those on its map: no row per pair is needed to count them.
with
    statuses as (select unnest(['customer', 'open_opportunity', 'target', 'known', 'absent']) as status),

    combinations as (
        select parties.party as partner, ours.status as our_status, theirs.status as partner_status
        from {{ source("config", "parties") }} as parties
        cross join statuses as ours
        cross join statuses as theirs
        where
            parties.party <> 'us'
            and parties.stage <> 'ended'
            and not (ours.status = 'absent' and theirs.status = 'absent')
    ),

    mapped as (
        select
            partner,
            our_status,
            partner_status,
            count(*) as companies,
            sum(our_records) as our_records,
            sum(partner_records) as partner_records,
            sum(open_amount) as open_amount,
            sum(coalesce(expected_value, 0)) as expected_value,
            sum(value_at_stake) as value_at_stake
        from {{ ref("account_map") }}
        group by partner, our_status, partner_status
    ),

    ours as (
        select
            our_status,
            count(*) as companies,
            sum(records) as our_records,
            sum(open_amount) as open_amount,
            sum(coalesce(expected_value, 0)) as expected_value,
            sum(value_at_stake) as value_at_stake
        from {{ ref("our_companies") }}
        group by our_status
    ),

    -- all of ours, then less what the partner has
    signed as (
        select partner, our_status, ours.* exclude (our_status)
        from (select distinct partner, our_status from combinations)
        inner join ours using (our_status)
        union all
        select partner, our_status, - companies, - our_records, - open_amount, - expected_value, - value_at_stake
        from mapped
    ),

    counted as (
        select *
        from mapped
        union all by name
        select
            partner,
            our_status,
            'absent' as partner_status,
            sum(companies) as companies,
            sum(our_records) as our_records,
            0 as partner_records,
            sum(open_amount) as open_amount,
            sum(expected_value) as expected_value,
            sum(value_at_stake) as value_at_stake
        from signed
        where our_status <> 'absent'
        group by partner, our_status
    )

select
    combinations.partner,
    combinations.our_status,
    combinations.partner_status,
    cells.cell,
    coalesce(counted.companies, 0)::bigint as companies,
    coalesce(counted.our_records, 0)::bigint as our_records,
    coalesce(counted.partner_records, 0)::bigint as partner_records,
    round(coalesce(counted.open_amount, 0), 2)::double as open_amount,
    round(coalesce(counted.expected_value, 0), 2)::double as expected_value,
    round(coalesce(counted.value_at_stake, 0), 2)::double as value_at_stake
from combinations
left join counted using (partner, our_status, partner_status)
left join {{ ref("cells") }} as cells using (our_status, partner_status)
