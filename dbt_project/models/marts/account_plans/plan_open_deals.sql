with
    partners as ({{ planned_partners() }}),

    open_deals as (
        select
            partner_of_record as partner,
            count(*) as deals,
            sum(amount order by opportunity_id) as amount,
            sum(coalesce(expected_amount, amount) order by opportunity_id) as expected_amount
        from {{ ref("opportunities") }}
        where party = 'us' and is_open
        group by partner_of_record
    )

select
    partners.partner,
    coalesce(open_deals.deals, 0) as deals,
    round(coalesce(open_deals.amount, 0), 2) as amount,
    round(coalesce(open_deals.expected_amount, 0), 2) as expected_amount
from partners
left join open_deals using (partner)
