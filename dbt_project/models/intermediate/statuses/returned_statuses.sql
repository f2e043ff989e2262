-- The partner's newest word on a record, as long as its own source says of it what it said when the word was accepted:
-- once that says something else, it has caught up, or knows better.
with
    said as (
        select
            coalesce(record_id, {{ returned_connection("party") }} || ':list:' || row_key) as record_id,
            party,
            content ->> 'status' as status,
            cast(content -> 'stated' as varchar[]) as stated,
            place
        from {{ ref("stg_share_returns") }}
        where kind in ('status', 'already_served')
        qualify
            row_number() over (
                partition by coalesce(record_id, {{ returned_connection("party") }} || ':list:' || row_key)
                order by said_at desc, return_id
            )
            = 1
    ),

    stated as (
        select record_id, list(status order by status) as statuses from {{ ref("stated_statuses") }} group by record_id
    )

select said.record_id, said.party, said.status, 'status=' || said.status || ' (' || said.place || ')' as evidence
from said
inner join stated using (record_id)
where said.stated is null or said.stated = stated.statuses
