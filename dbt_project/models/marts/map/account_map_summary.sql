-- Every combination of statuses for every partner, so that an empty cell shows as 0.
-- Companies of ours that a partner
-- does not have are all of ours less those on its map: no row per pair is needed to
-- count them.
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
            sum(value_at_stake) as value_at_stake
        from {{ ref("account_map") }}
        group by partner, our_status, partner_status
    ),

    shared as (
        select
            partner,
            our_status,
            sum(companies) as companies,
            sum(our_records) as our_records,
            sum(value_at_stake) as value_at_stake
        from mapped
        group by partner, our_status
    ),

    ours as (
        select
            status as our_status,
            count(*) as companies,
            sum(records) as our_records,
            sum(open_amount + won_amount) as value_at_stake
        from {{ ref("party_companies") }}
        where party = 'us'
        group by status
    ),

    counted as (
        select combinations.*, mapped.* exclude (partner, our_status, partner_status)
        from combinations
        left join mapped using (partner, our_status, partner_status)
        where combinations.partner_status <> 'absent'
        union all by name
        select
            combinations.*,
            ours.companies - coalesce(shared.companies, 0) as companies,
            ours.our_records - coalesce(shared.our_records, 0) as our_records,
            0 as partner_records,
            ours.value_at_stake - coalesce(shared.value_at_stake, 0) as value_at_stake
        from combinations
        left join ours using (our_status)
        left join shared using (partner, our_status)
        where combinations.partner_status = 'absent'
    )

select
    counted.partner,
    counted.our_status,
    counted.partner_status,
    plays.cell,
    coalesce(counted.companies, 0)::bigint as companies,
    coalesce(counted.our_records, 0)::bigint as our_records,
    coalesce(counted.partner_records, 0)::bigint as partner_records,
    coalesce(counted.value_at_stake, 0)::double as value_at_stake
from counted
left join {{ ref("plays") }} as plays using (our_status, partner_status)
