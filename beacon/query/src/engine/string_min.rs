//! `min` of texts, for as many groups as there are hits.
//!
//! The questions take the least text of each hit's copies, which agree: a group a hit, and few different texts in all.
//! DataFusion's own keeps a copy of the text for each group, and half the time of a question went into making and
//! freeing them. Here each different text is kept once, and a group has its number.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, StringViewArray, UInt32Array};
use arrow::compute::{not, nullif, prep_null_mask_filter, take};
use arrow::datatypes::DataType;
use datafusion::common::{HashMap, Result, ScalarValue};
use datafusion::functions_aggregate::min_max::min_udaf;
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, EmitTo, GroupsAccumulator, ReversedUDAF,
    SetMonotonicity, Signature, StatisticsArgs,
};

/// The function, to be registered over the engine's own. Of anything but texts it is that one.
pub(crate) fn min() -> AggregateUDF {
    AggregateUDF::from(Min {
        engines: min_udaf(),
    })
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Min {
    engines: Arc<AggregateUDF>,
}

impl AggregateUDFImpl for Min {
    fn create_groups_accumulator(
        &self,
        args: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        match args.return_field.data_type() {
            DataType::Utf8View => Ok(Box::new(StringMin::default())),
            _ => self.engines.create_groups_accumulator(args),
        }
    }

    fn name(&self) -> &str {
        self.engines.name()
    }

    fn signature(&self) -> &Signature {
        self.engines.signature()
    }

    fn return_type(&self, types: &[DataType]) -> Result<DataType> {
        self.engines.return_type(types)
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        self.engines.coerce_types(types)
    }

    fn accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        self.engines.accumulator(args)
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<arrow::datatypes::FieldRef>> {
        self.engines.state_fields(args)
    }

    fn groups_accumulator_supported(&self, args: AccumulatorArgs) -> bool {
        self.engines.groups_accumulator_supported(args)
    }

    fn create_sliding_accumulator(&self, args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        self.engines.create_sliding_accumulator(args)
    }

    fn is_descending(&self) -> Option<bool> {
        self.engines.is_descending()
    }

    fn value_from_stats(&self, statistics: &StatisticsArgs) -> Option<ScalarValue> {
        self.engines.value_from_stats(statistics)
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        self.engines.order_sensitivity()
    }

    fn reverse_expr(&self) -> ReversedUDAF {
        self.engines.reverse_udf()
    }

    fn set_monotonicity(&self, data_type: &DataType) -> SetMonotonicity {
        self.engines.inner().set_monotonicity(data_type)
    }
}

/// The least text of each group.
#[derive(Debug, Default)]
struct StringMin {
    /// The texts that were the least of a group once, each at its number.
    texts: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    /// `None` as long as a group has no text.
    least: Vec<Option<u32>>,
    texts_bytes: usize,
}

impl StringMin {
    fn add(&mut self, group: usize, text: &str) {
        let is_less = self.least[group].is_none_or(|number| text < &*self.texts[number as usize]);
        if is_less {
            self.least[group] = Some(self.number(text));
        }
    }

    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = u32::try_from(self.texts.len())
            .expect("more than u32::MAX distinct strings do not fit in memory");
        let text: Arc<str> = text.into();
        self.texts_bytes += text.len();
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        number
    }
}

impl GroupsAccumulator for StringMin {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        filter: Option<&BooleanArray>,
        total_groups: usize,
    ) -> Result<()> {
        self.least.resize(total_groups, None);
        let values = where_true(&values[0], filter)?;
        for (&group, text) in groups.iter().zip(values.as_string_view()) {
            if let Some(text) = text {
                self.add(group, text);
            }
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let least = UInt32Array::from(emit_to.take_needed(&mut self.least));
        let texts = StringViewArray::from_iter_values(&self.texts);
        Ok(take(&texts, &least, None)?)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.evaluate(emit_to)?])
    }

    fn merge_batch(
        &mut self,
        states: &[ArrayRef],
        groups: &[usize],
        total_groups: usize,
    ) -> Result<()> {
        self.update_batch(states, groups, None, total_groups)
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        Ok(vec![where_true(&values[0], filter)?])
    }

    fn size(&self) -> usize {
        let of_number = size_of::<(Arc<str>, u32)>();
        self.texts_bytes
            + self.texts.capacity() * size_of::<Arc<str>>()
            + self.numbers.capacity() * of_number
            + self.least.capacity() * size_of::<Option<u32>>()
    }
}

/// The values for which the filter holds, NULL for the others.
fn where_true(values: &ArrayRef, filter: Option<&BooleanArray>) -> Result<ArrayRef> {
    let Some(filter) = filter else {
        return Ok(Arc::clone(values));
    };
    let filter = match filter.null_count() {
        0 => filter.clone(),
        _ => prep_null_mask_filter(filter),
    };
    Ok(nullif(values, &not(&filter)?)?)
}

#[cfg(test)]
mod tests;
