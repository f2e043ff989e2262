with
    open_introductions as (select distinct partner, company_id from {{ ref("introductions") }} where is_open),

    valued as (
        select companies.*, coalesce(companies.expected_value * rates.rate, 0) as chance_value
        from {{ ref("plan_companies") }} as companies
        inner join {{ ref("plan_rates") }} as rates using (partner, cell)
        anti join
            open_introductions
            on open_introductions.partner = companies.partner
            and open_introductions.company_id = companies.company_id
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by partner order by chance_value desc, expected_value desc nulls last, cell, company_id
            )::integer as rank,
            row_number() over (
                partition by partner, cell order by chance_value desc, expected_value desc nulls last, company_id
            )::integer as cell_rank
        from valued
    )

select
    partner,
    rank,
    cell,
    cell_rank,
    company_id,
    company_name,
    play_key,
    owner_role,
    our_owner,
    partner_owner,
    our_status,
    partner_status,
    expected_value,
    chance_value
from ranked
where cell_rank <= 10 or rank <= 30
