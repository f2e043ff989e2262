-- Pairs in one of the nine cells that were in none when alerts were last looked after.
with
    told as (select max(as_of) as told_at from {{ source("state", "alert_runs") }} where as_of < {{ as_of() }}),

    known as (
        select party as partner, company_id, cell
        from {{ source("state", "map_history") }}
        where
            party <> 'us'
            and valid_from <= (select told_at from told)
            and (valid_until is null or valid_until > (select told_at from told))
    ),

    in_cells as (
        select partner, company_id, our_status, partner_status
        from {{ ref("account_map") }}
        where
            cell is not null
            -- the first list of a partner is no news
            and partner in (select partner from known)
    )

select in_cells.partner, in_cells.company_id, in_cells.our_status, in_cells.partner_status, told.told_at
from in_cells
cross join told
anti join (from known where cell is not null) as known using (partner, company_id)
