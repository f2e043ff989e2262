with
    met as (
        select record_id, party, status, reason, since, until, evidence
        from {{ ref("segment_matches") }}
        where until is null or until >= {{ as_of_date() }}
    ),

    -- a list's default speaks only where no field of the row does
    words as (
        select *
        from {{ ref("file_statuses") }}
        where not is_default or record_id not in (select record_id from met where status != 'churned')
    ),

    found as (
        select * exclude (is_default)
        from words
        union all by name
        select *
        from met
    ),

    standing as (
        select found.*
        from found
        semi join {{ ref("records") }} as records using (record_id)
        anti join
            {{ ref("former_customers") }} as former on found.record_id = former.record_id and found.status = 'customer'
        where found.status in ('customer', 'open_opportunity', 'target')
    ),

    -- a deal says more than a field that somebody once set: its reason goes first,
    -- and it has a date
    one_per_status as (
        select
            record_id,
            any_value(party) as party,
            status,
            first(reason order by since nulls last, reason, evidence) as reason,
            min(since) as since,
            case when bool_and(until is not null) then max(until) end as until,
            first(evidence order by since nulls last, reason, evidence) as evidence
        from standing
        group by record_id, status
    ),

    known as (
        select
            records.record_id,
            records.party,
            'known' as status,
            case
                when former.record_id is not null
                then 'statuses.former_customer'
                else coalesce(words.reason, 'statuses.nothing_said')
            end as reason,
            former.until + 1 as since,
            cast(null as date) as until,
            coalesce(former.evidence, words.evidence) as evidence
        from {{ ref("records") }} as records
        left join {{ ref("former_customers") }} as former using (record_id)
        left join words on records.record_id = words.record_id
        anti join one_per_status on records.record_id = one_per_status.record_id
        where records.object not in ('registration', 'introduction')
    )

select *
from one_per_status
union all
select *
from known
