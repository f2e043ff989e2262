with
    matches as (select *, until is null or until >= {{ as_of_date() }} as holds from {{ ref("segment_matches") }}),

    churned as (
        select
            record_id,
            party,
            max(since) as until,
            arg_max(evidence, (coalesce(since, date '0001-01-01'), evidence)) as evidence
        from matches
        where status = 'churned' and holds
        group by record_id, party
    ),

    -- each of its times as a customer has ended
    lapsed as (
        select record_id, party, max(until) as until, arg_max(evidence, (until, evidence)) as evidence
        from matches
        where status = 'customer'
        group by record_id, party
        having not bool_or(holds)
    )

select *
from churned
union all
select lapsed.*
from lapsed
anti join churned using (record_id)
anti join (select record_id from {{ ref("file_statuses") }} where status = 'customer') as by_word using (record_id)
