select
    companies.partner,
    companies.row_key,
    companies.company_id,
    {{ shared_company() }},
    map.partner_status,
    {{ shared_field("our_status", "map.our_status") }} as our_status,
    {{ shared_field("cell", "map.cell") }} as cell,
    {{ shared_field("play", "'share.play.' || map.cell") }} as play_key,
    {{ shared_field("our_owner", "map.our_owner") }} as our_owner,
    {{ shared_field("first_seen_on", local_date("map.first_seen_at")) }} as first_seen_on,
    partners.as_of
from {{ ref("account_map") }} as map
inner join {{ ref("share_partners") }} as partners using (partner)
inner join {{ ref("share_pairs") }} as pairs using (partner, company_id)
inner join {{ ref("share_companies") }} as companies using (partner, company_id)
where pairs.is_shown and map.our_status <> 'absent' and list_contains(partners.lists, 'overlaps')
