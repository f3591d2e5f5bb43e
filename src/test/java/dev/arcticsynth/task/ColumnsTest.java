package dev.arcticsynth.task;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The fields of an entity's columns are there for the entity alone, as private ones would be.
@AnalyzeClasses(packagesOf = Partition.class, importOptions = ImportOption.DoNotIncludeTests.class)
class ColumnsTest {

  @ArchTest
  static final ArchRule a_partition_alone_touches_its_fields = onlyItself(PartitionColumns.class);

  @ArchTest static final ArchRule a_task_alone_touches_its_fields = onlyItself(TaskColumns.class);

  private static ArchRule onlyItself(Class<?> columns) {
    return noClasses()
        .that()
        .areNotAssignableTo(columns)
        .should()
        .accessFieldWhere(targetOwner(assignableTo(columns)));
  }
}
