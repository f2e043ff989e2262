select
    companies.partner,
    {{ share_line_key("offered.scope") }} as row_key,
    companies.company_id,
    {{ shared_company() }},
    offered.partner_status,
    {{ shared_field("our_status", "offered.our_status") }} as our_status,
    {{ shared_field("product_line", shared_line("offered.scope")) }} as product_line,
    -- counted anew: a gap would tell how many companies that are not shown stand before
    {{ shared_field("rank", "dense_rank() over (partition by offered.partner order by offered.rank)") }}::integer
    as rank,
    {{ shared_field("reason", "offered.reason_key") }} as reason_key,
    {{ shared_field("held_until", "offered.held_until") }} as held_until,
    partners.as_of
from {{ ref("whitespace") }} as offered
inner join {{ ref("share_partners") }} as partners using (partner)
inner join {{ ref("share_pairs") }} as pairs using (partner, company_id)
inner join {{ ref("share_companies") }} as companies using (partner, company_id)
left join {{ source("config", "product_lines") }} as lines on lines.product_line = offered.scope
where pairs.is_shown and list_contains(partners.lists, 'whitespace')
