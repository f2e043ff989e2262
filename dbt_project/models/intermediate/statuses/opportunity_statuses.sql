with
    dated as (
        select *, {{ as_of_date() }} - to_months({{ parameter("customer_months", 36) }}) as customers_since
        from {{ ref("opportunities") }}
    )

select record_id, party, 'customer' as status, 'statuses.won_opportunity' as reason, min(close_date) as since
from dated
where is_won and close_date >= customers_since
group by record_id, party
union all
select record_id, party, 'open_opportunity' as status, 'statuses.open_opportunity' as reason, min(created_on) as since
from dated
where is_open
group by record_id, party
