-- How much a policy tells of companies with these statuses: by their cell where it names that, else by our status.
with
    statuses as (select unnest(['customer', 'open_opportunity', 'target', 'known', 'absent']) as status),

    pairs as (
        select partners.partner, ours.status as our_status, theirs.status as partner_status
        from {{ ref("share_partners") }} as partners
        cross join statuses as ours
        cross join statuses as theirs
    )

select pairs.*, coalesce(by_cell.level, by_status.level, 'hidden') as level
from pairs
left join {{ ref("cells") }} as cells using (our_status, partner_status)
left join
    {{ source("config", "sharing_levels") }} as by_cell
    on by_cell.partner = pairs.partner
    and by_cell.kind = 'cell'
    and by_cell.key = cells.cell::varchar
left join
    {{ source("config", "sharing_levels") }} as by_status
    on by_status.partner = pairs.partner
    and by_status.kind = 'status'
    and by_status.key = pairs.our_status
