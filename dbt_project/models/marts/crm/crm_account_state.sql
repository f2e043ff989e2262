-- A row for every account, so that what no longer holds is cleared.
with
    maps as (
        select
            account_map.company_id,
            account_map.partner,
            {{ short_name("parties.name") }} as partner_name,
            parties.position,
            account_map.cell,
            account_map.play_key
        from {{ ref("account_map") }} as account_map
        inner join {{ source("config", "parties") }} as parties on parties.party = account_map.partner
        inner join {{ ref("partner_uses") }} as uses on uses.partner = account_map.partner and uses.is_for_crm
        where parties.stage = 'active' and account_map.cell is not null
    ),

    cells as (
        select
            company_id,
            string_agg(partner_name || ':' || cell, ', ' order by position) as cells,
            first(
                struct_pack(partner := partner, cell := cell, partner_name := partner_name, play_key := play_key)
                order by cell, position
            ) as best
        from maps
        group by company_id
    ),

    plays as (
        select
            cells.company_id,
            cells.cells,
            cells.best.partner as next_partner,
            cells.best.cell as next_cell,
            replace(replace(template.text, '{partner}', cells.best.partner_name), '{play}', play.text) as next_play
        from cells
        inner join {{ ref("run_texts") }} as play on play.key = cells.best.play_key
        inner join {{ ref("run_texts") }} as template on template.key = 'crm.next_play'
    )

select
    map_records.connection,
    map_records.object,
    map_records.native_id,
    map_records.company_id,
    approach.partner_approach,
    approach.partner_approach = 'no_approach' as no_approach,
    approach.detail as no_approach_detail,
    case when approach.partner_approach = 'no_approach' then approach.valid_until end as no_approach_until,
    {{ fit("assigned.name", 255) }} as assigned_partner,
    {{ fit("plays.cells", 255) }} as cells,
    {{ fit("plays.next_play", 255) }} as next_play,
    plays.next_partner,
    plays.next_cell,
    run.as_of_date as as_of,
    approach.rule
from {{ ref("map_records") }} as map_records
cross join {{ source("config", "run") }} as run
inner join {{ ref("company_approach") }} as approach using (company_id)
left join
    {{ source("config", "parties") }} as assigned
    on assigned.party = approach.assigned_partner
    and approach.is_holder_told
left join plays using (company_id)
where map_records.party = 'us' and map_records.object in ('Account', 'companies')
