// A heading and the rows below it.
import QtQuick
import QtQuick.Layouts

ColumnLayout {
    id: group
    property string title
    Layout.alignment: Qt.AlignTop
    Layout.fillWidth: true
    Layout.preferredWidth: 100
    spacing: Theme.gap
    Text { text: group.title; color: Theme.accent; font.pixelSize: Theme.large; font.weight: Font.DemiBold }
}
