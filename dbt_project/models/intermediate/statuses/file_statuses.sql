with
    own_words as (
        select party, fold_text(word) as status_word, min(status) as status
        from {{ source("config", "status_words") }}
        group by all
    ),

    usual_words as (
        select fold_text(word) as status_word, min(status) as status from {{ ref("status_words") }} group by all
    )

select
    file_records.record_id,
    file_records.party,
    coalesce(own_words.status, usual_words.status, file_records.default_status, 'known') as status,
    case
        when own_words.status is not null
        then 'statuses.own_word'
        when usual_words.status is not null
        then 'statuses.usual_word'
        when file_records.status_word is not null
        then 'statuses.unknown_word'
        when file_records.default_status is not null
        then 'statuses.list_default'
        else 'statuses.nothing_said'
    end as reason,
    cast(null as date) as since,
    'status=' || file_records.status_word || ' (' || file_records.record_id || ')' as evidence,
    own_words.status is null and usual_words.status is null as is_default
from {{ ref("file_records") }} as file_records
left join own_words using (party, status_word)
left join usual_words using (status_word)
where file_records.object = 'list'
